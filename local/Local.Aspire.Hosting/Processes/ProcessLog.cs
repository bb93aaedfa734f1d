namespace Local.Processes;

/// <summary>The output of one resource: the last lines in memory, all of them in a file, and whoever listens.</summary>
public sealed class ProcessLog : IDisposable
{
    private const int Kept = 1_000;
    private const int MaxLineLength = 8_192;
    // A runaway writer must not fill the disk: the file starts again at this size, the previous one is kept.
    private const long MaxFileLength = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new(Kept);
    private readonly string? _path;
    private StreamWriter? _file;

    public ProcessLog(string? path = null)
    {
        _path = path;
        if (path is null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Open(path);
    }

    public event Action<string>? Written;

    public void Write(string line)
    {
        if (line.Length > MaxLineLength)
            line = line[..MaxLineLength];
        lock (_lock)
        {
            if (_lines.Count == Kept)
                _lines.Dequeue();
            _lines.Enqueue(line);
            _file?.WriteLine(line);
            if (_file?.BaseStream.Length > MaxFileLength)
                Roll();
        }
        Written?.Invoke(line);
    }

    public IReadOnlyList<string> Last(int count = Kept)
    {
        lock (_lock)
            return _lines.TakeLast(count).ToList();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Roll()
    {
        _file!.Dispose();
        File.Move(_path!, _path + ".1", overwrite: true);
        _file = Open(_path!);
    }

    private static StreamWriter Open(string path) =>
        new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
}
