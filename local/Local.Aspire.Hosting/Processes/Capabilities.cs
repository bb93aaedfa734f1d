using System.Globalization;

namespace Local.Processes;

/// <summary>Linux capabilities of this process (capabilities(7)).</summary>
internal static class Capabilities
{
    internal const int DacReadSearch = 2;

    internal static bool Has(int capability)
    {
        var permitted = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("CapPrm:", StringComparison.Ordinal));
        return permitted is not null
            && (ulong.Parse(permitted["CapPrm:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> capability & 1) == 1;
    }
}
