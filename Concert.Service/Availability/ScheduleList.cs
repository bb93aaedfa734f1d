using System.Buffers;
using System.Text.Json;

namespace ConcertService;

/// <summary>A concert's schedules: encoded once but for the count of free seats, which follows every change.</summary>
public sealed class ScheduleList : ICached
{
    private readonly Line[] _lines;
    private readonly State[] _states;

    private ScheduleList(Reading reading, Line[] lines, State[] states)
    {
        (Reading, _lines, _states) = (reading, lines, states);
        Version = states.Sum(state => state.Version);
    }

    public ScheduleList(Reading reading, IReadOnlyCollection<ScheduleItem> items, IEnumerable<long> versions)
        : this(reading, [.. items.Select(Line.Of)], [.. items.Zip(versions, (item, version) => new State(version, item.SeatsAvailable))])
    {
    }

    public Reading Reading { get; }

    /// <summary>Grows with every change of any of the schedules.</summary>
    public long Version { get; }

    public int MemoryBytes => 200 + _lines.Sum(line => 100 + line.Json.Length);

    /// <summary>The list after that change. A change carries the count itself, so it does not matter if one was missed.</summary>
    public ScheduleList After(SeatsChanged change)
    {
        var index = Array.FindIndex(_lines, line => line.ScheduleId == change.ScheduleId);
        if (index < 0 || _states[index].Version >= change.Version)
            return this;

        var now = _states.AsSpan().ToArray();
        now[index] = new(change.Version, _lines[index].SeatsTotal - change.Taken);
        return new(Reading, _lines, now);
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write("{\"items\":["u8);
        for (var i = 0; i < _lines.Length; i++)
        {
            output.Write(_lines[i].Json.AsSpan(i == 0 ? 1 : 0));
            var digits = output.GetSpan(16);
            _states[i].SeatsAvailable.TryFormat(digits, out var written);
            output.Advance(written);
            output.Write("}"u8);
        }

        output.Write("]}"u8);
    }

    /// <summary>A schedule's JSON, with a leading comma, up to where its count of free seats stands.</summary>
    private readonly record struct Line(long ScheduleId, int SeatsTotal, byte[] Json)
    {
        public static Line Of(ScheduleItem item)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(item, CatalogueJson.Default.ScheduleItem);
            var count = json.AsSpan().LastIndexOf((byte)':') + 1;
            return new(item.Id, item.SeatsTotal, [(byte)',', .. json.AsSpan(0, count)]);
        }
    }

    private readonly record struct State(long Version, int SeatsAvailable);
}
