using Npgsql;

namespace ReservationService.Features;

/// <summary>The payments of one poll, confirmed all at once (Data/010-confirm-together.sql): one command, however many messages.</summary>
internal sealed class Confirmations
{
    // The command's parameters: until it is run, these grow.
    private readonly List<Guid> _reservations = [];
    private readonly List<Guid> _payments = [];
    private readonly List<Guid> _events = [];
    private readonly List<string?> _traces = [];

    public Confirmations() => Command = new("SELECT confirm_reservations($1, $2, $3, $4)")
    {
        Parameters =
        {
            new NpgsqlParameter<List<Guid>> { TypedValue = _reservations },
            new NpgsqlParameter<List<Guid>> { TypedValue = _payments },
            new NpgsqlParameter<List<Guid>> { TypedValue = _events },
            new NpgsqlParameter<List<string?>> { TypedValue = _traces },
        },
    };

    public bool IsEmpty => _reservations.Count == 0;

    /// <summary>To be run once all is added. Answers with what came of each, in the order of adding.</summary>
    public NpgsqlBatchCommand Command { get; }

    public void Add(Guid reservation, Guid payment, string? traceParent)
    {
        _reservations.Add(reservation);
        _payments.Add(payment);
        _events.Add(Guid.CreateVersion7());
        _traces.Add(traceParent);
    }
}
