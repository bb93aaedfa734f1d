using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

/// <summary>
/// A request that can be read in every API and version: all its strings and arrays are empty. Mutation fills them.
/// </summary>
internal static class SeedFrames
{
    private const int BodySize = 400;

    public static byte[] For(ApiKey key, short version)
    {
        var api = Api.Find((short)key)!;
        var flexible = api.IsFlexible(version);
        return RawClient.Request(key, version, correlation: 1, w => Fill(w, flexible), flexible)[sizeof(int)..];
    }

    private static void Fill(WireWriter w, bool flexible)
    {
        // In flexible versions 1 is an empty string or array; in the others 0 is.
        for (var i = 0; i < BodySize; i++) w.Int8(flexible ? (sbyte)1 : (sbyte)0);
    }
}
