namespace LoadTests.Idle;

/// <summary>The system does not do what the lone customer asks: there is nothing to measure.</summary>
internal sealed class RefusedException(string message) : Exception(message);
