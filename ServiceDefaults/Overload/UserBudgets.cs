namespace ServiceDefaults.Overload;

/// <summary>
/// A budget for each user in a table of fixed size, without timers or allocations (the generic cell rate algorithm): a slot keeps
/// the time at which its budget will be full again. Users whose ids fall into one slot share its budget, which is far more than two need.
/// </summary>
internal sealed class UserBudgets(int perSecond, int burst, TimeProvider time)
{
    private const int Slots = 1 << 16;

    private readonly long[] _fullAgainAt = new long[Slots];
    private readonly long _cost = Math.Max(1, time.TimestampFrequency / perSecond);

    public bool TryTake(long user)
    {
        ref var slot = ref _fullAgainAt[(uint)user.GetHashCode() % Slots];
        var now = time.GetTimestamp();
        while (true)
        {
            var known = Volatile.Read(ref slot);
            var next = Math.Max(known, now) + _cost;
            if (next - now > _cost * burst)
                return false;
            if (Interlocked.CompareExchange(ref slot, next, known) == known)
                return true;
        }
    }
}
