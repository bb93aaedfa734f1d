using LoadTests.Booking;
using LoadTests.Measuring;

namespace LoadTests.Scenarios;

/// <summary>What every scenario of a run shares.</summary>
internal sealed record RunContext(BookingApi Api, Crowd Crowd, DataSet Data, Timeline Timeline);
