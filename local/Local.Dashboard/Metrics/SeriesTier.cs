namespace Local.Dashboard.Metrics;

/// <summary>The newest points of a series, one for each interval at most. A run of equal points takes the room of two.</summary>
internal sealed class SeriesTier(TimeSpan interval, int capacity, int buckets)
{
    private const int SmallestRoom = 8;

    private long[] _at = [];
    private double[] _values = [];
    private uint[] _counts = [];
    private int _first;

    internal int Count { get; private set; }

    /// <summary>Older points made room.</summary>
    internal bool HasDropped { get; private set; }

    internal int Size => _at.Length * (sizeof(long) + sizeof(double) + buckets * sizeof(uint));

    /// <param name="mayGrow">False: the oldest point makes room even before the tier is full.</param>
    internal void Add(long at, double value, ReadOnlySpan<ulong> counts, bool mayGrow)
    {
        var sameSlot = Count > 0 && _at[Index(Count - 1)] / interval.Ticks == at / interval.Ticks;
        var sameRun = Count > 1 && Equals(Index(Count - 1), value, counts) && Equals(Index(Count - 2), value, counts);
        var index = sameSlot || sameRun ? Index(Count - 1) : Append(mayGrow);
        _at[index] = at;
        _values[index] = value;
        for (var i = 0; i < buckets; i++)
            _counts[index * buckets + i] = (uint)Math.Min(counts[i], uint.MaxValue);
    }

    /// <summary>The last point that is not later, or null.</summary>
    internal int? FindAt(long at)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_at[Index(middle)] <= at) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? null : low - 1;
    }

    /// <summary>Whether the service was silent there: the point is old, and no equal one follows.</summary>
    internal bool IsGap(int point, long at, TimeSpan patience)
    {
        var index = Index(point);
        if (at - _at[index] <= Math.Max(patience.Ticks, 2 * interval.Ticks))
            return false;
        return point == Count - 1 || _values[Index(point + 1)] != _values[index];
    }

    internal double Value(int point) => _values[Index(point)];

    internal ReadOnlySpan<uint> Counts(int point) => _counts.AsSpan(Index(point) * buckets, buckets);

    private int Append(bool mayGrow)
    {
        if (Count == _at.Length && Count < capacity && (mayGrow || Count == 0))
            Grow();
        if (Count < _at.Length)
            Count++;
        else
            (_first, HasDropped) = ((_first + 1) % _at.Length, true);
        return Index(Count - 1);
    }

    private void Grow()
    {
        var room = Math.Min(capacity, Math.Max(SmallestRoom, Count * 2));
        var (at, values, counts) = (new long[room], new double[room], new uint[room * buckets]);
        for (var i = 0; i < Count; i++)
        {
            (at[i], values[i]) = (_at[Index(i)], _values[Index(i)]);
            Counts(i).CopyTo(counts.AsSpan(i * buckets));
        }
        (_at, _values, _counts, _first) = (at, values, counts, 0);
    }

    private bool Equals(int index, double value, ReadOnlySpan<ulong> counts)
    {
        if (!_values[index].Equals(value))
            return false;
        for (var i = 0; i < buckets; i++)
        {
            if (_counts[index * buckets + i] != counts[i])
                return false;
        }
        return true;
    }

    private int Index(int point) => (_first + point) % _at.Length;
}
