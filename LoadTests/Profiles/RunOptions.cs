using LoadTests.Booking;

namespace LoadTests.Profiles;

/// <summary>Where the system is, where the report goes, the seed of all random choices, and what runs before the first visit counts.</summary>
internal sealed record RunOptions(SystemUnderTest System, int Seed, DirectoryInfo Reports, TimeSpan WarmUp);
