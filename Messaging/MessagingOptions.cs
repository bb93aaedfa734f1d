namespace Messaging;

/// <summary>Configuration section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>With batches of this size the load counts as full. A few messages together are no load: somebody waits for them.</summary>
    private const double FullCompany = 16;

    /// <summary>How often the relay looks for rows that nobody woke it for.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Under full load, what happens within this time is sent, and takes effect, together. With less company it is less; what follows a pause
    /// of this length goes at once, and so does what follows something that went alone.
    /// </summary>
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Rows that the relay takes at a time.</summary>
    public int RelayBatch { get; set; } = 500;

    /// <summary>For so long a replica that died or hangs keeps the others from relaying.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>For so long rows stay after they were sent, so that a lost Kafka cluster can be fed again. Default: 7 days, in Development an hour.</summary>
    public TimeSpan? KeepSent { get; set; }

    /// <summary>Records that take effect in one transaction.</summary>
    public int ConsumeBatch { get; set; } = 200;

    /// <summary>How often a message is tried before it becomes a dead letter, or an outbox row dead.</summary>
    public int Attempts { get; set; } = 4;

    /// <summary>The pause after the first failure; it doubles from failure to failure.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two attempts.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after a batch of this size the next one may leave.</summary>
    internal TimeSpan GatherAfter(int batch) => batch > 1 ? Gather * Math.Min(1, batch / FullCompany) : TimeSpan.Zero;

    internal RetrySchedule Retry => new(FirstPause, LongestPause);
}
