using LoadTests.Booking;

namespace LoadTests.Profiles;

/// <summary>Where the system is, where the report goes, and the seed of all random choices.</summary>
internal sealed record RunOptions(SystemUnderTest System, int Seed, DirectoryInfo Reports);
