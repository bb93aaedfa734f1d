namespace ServiceDefaults.Redis;

/// <summary>Redis did not answer in time, refused, or failed so often just now that it was not asked.</summary>
public sealed class RedisUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
