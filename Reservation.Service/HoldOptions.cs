namespace ReservationService;

/// <summary>Configuration section <c>Holds</c>.</summary>
public sealed class HoldOptions
{
    public const string Section = "Holds";

    /// <summary>How long a customer has to pay.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How much longer the seats stay theirs: longer than an event about their payment normally takes.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Seats of one concert that one user may hold and own.</summary>
    public int MostSeatsPerConcert { get; set; } = 4;

    /// <summary>How often expired holds are looked for.</summary>
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(2);
}
