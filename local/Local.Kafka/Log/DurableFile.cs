namespace Local.Kafka.Log;

/// <summary>Small files that are either old or new after a crash, never half of each.</summary>
internal static class DurableFile
{
    /// <param name="disk">Null for content with a checksum that can be made anew from the log: appends need not wait for the disk.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, Disk? disk)
    {
        var temporary = path + ".new";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, content, fileOffset: 0);
            disk?.Flush(handle, temporary);
        }
        File.Move(temporary, path, overwrite: true);
        disk?.FlushFolder(Path.GetDirectoryName(path)!);
    }
}
