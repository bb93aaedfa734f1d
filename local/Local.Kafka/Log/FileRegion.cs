using Microsoft.Win32.SafeHandles;

namespace Local.Kafka.Log;

/// <summary>
/// Bytes of a segment that are on their way to a client. The handle is shared with the segment and closed by its
/// finalizer, so a region stays readable while it is sent even if retention deletes the segment meanwhile.
/// </summary>
internal sealed record FileRegion(SafeFileHandle Handle, long Position, int Length);
