namespace LoadTests.Drills;

/// <summary>Every drill by its name on the command line.</summary>
internal static class AllDrills
{
    public const string All = "all";

    public static readonly Drill[] List =
        [.. ServiceDrills.All, .. TrafficDrills.All, .. PostgresDrills.All, .. GatewayDrills.All, .. RedisDrills.All, .. KafkaDrills.All];

    /// <summary>All, one, or those whose names begin so: <c>service-crash</c> is four.</summary>
    public static Drill[] Find(string name) => name == All ? List
        : [.. List.Where(d => d.Name == name || d.Name.StartsWith($"{name}-", StringComparison.Ordinal))];
}
