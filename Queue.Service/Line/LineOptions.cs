using QueueService.Domain;

namespace QueueService;

/// <summary>Configuration section <c>Line</c>.</summary>
public sealed class LineOptions
{
    public const string Section = "Line";

    /// <summary>Places of a line for which no operator has set another limit.</summary>
    public int DefaultMaxActive { get; set; } = 2_000;

    /// <summary>Admissions a second of such a line.</summary>
    public int DefaultAdmitPerSecond { get; set; } = 1_000;

    /// <summary>How long a waiting ticket is kept without a sign of its user.</summary>
    public TimeSpan WaitingLease { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long an admitted ticket waits for its user to claim the place.</summary>
    public TimeSpan ClaimGrace { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a claimed place lasts: time to choose, a hold, and the payment.</summary>
    public TimeSpan PlaceDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a line that was lost gathers its people before it admits again.</summary>
    public TimeSpan ReformFor { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>How often a line moves on.</summary>
    public TimeSpan StepEvery { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long an idle line stays in memory, and how old a ticket of a lost life may be.</summary>
    public TimeSpan IdleFor { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long a finished ticket and a user's last ticket are remembered.</summary>
    public TimeSpan RememberFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Server-sent event streams that one replica serves at once.</summary>
    public int MaxStreams { get; set; } = 20_000;

    internal static void Add(IHostApplicationBuilder builder)
        => builder.Services.AddOptions<LineOptions>().BindConfiguration(Section)
            .Validate(o => o.DefaultMaxActive >= 0, "Line:DefaultMaxActive must not be negative.")
            .Validate(o => o.DefaultAdmitPerSecond >= 0, "Line:DefaultAdmitPerSecond must not be negative.")
            .Validate(o => o.WaitingLease > PollPacing.Longest, $"Line:WaitingLease must be longer than the longest poll interval, {PollPacing.Longest}.")
            .Validate(o => o.ClaimGrace > PollPacing.Longest, $"Line:ClaimGrace must be longer than the longest poll interval, {PollPacing.Longest}.")
            .Validate(o => o.PlaceDuration > TimeSpan.Zero, "Line:PlaceDuration must be positive.")
            .Validate(o => o.ReformFor >= PollPacing.Longest, $"Line:ReformFor must not be shorter than the longest poll interval, {PollPacing.Longest}.")
            .Validate(o => o.StepEvery > TimeSpan.Zero, "Line:StepEvery must be positive.")
            .Validate(o => o.RememberFor >= o.WaitingLease && o.RememberFor >= o.PlaceDuration + o.ClaimGrace,
                "Line:RememberFor must not be shorter than Line:WaitingLease, nor than Line:PlaceDuration and Line:ClaimGrace together.")
            .Validate(o => o.IdleFor > o.RememberFor, "Line:IdleFor must be longer than Line:RememberFor.")
            .Validate(o => o.MaxStreams > 0, "Line:MaxStreams must be positive.")
            .ValidateOnStart();
}
