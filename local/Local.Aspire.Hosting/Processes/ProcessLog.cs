namespace Local.Processes;

/// <summary>A line that a process wrote.</summary>
/// <param name="Number">Counts the lines of one log, from 1.</param>
public readonly record struct LogLine(long Number, DateTimeOffset At, string Text);

/// <summary>The output of one resource: the last lines in memory, all of them in a file, and whoever listens.</summary>
public sealed class ProcessLog : IDisposable
{
    private const int Kept = 2_000;
    private const int MaxLineLength = 8_192;
    // A runaway writer must not fill the disk: the file starts again at this size, the previous one is kept.
    private const long MaxFileLength = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly string? _path;
    private StreamWriter? _file;
    private long _count;

    public ProcessLog(string? path = null)
    {
        _path = path;
        if (path is null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Open(path);
    }

    public event Action<LogLine>? Written;

    /// <summary>The file that has all lines, where there is one.</summary>
    public string? FilePath => _path;

    public void Write(string text)
    {
        if (text.Length > MaxLineLength)
            text = text[..MaxLineLength];
        LogLine line;
        lock (_lock)
        {
            line = new LogLine(++_count, TimeProvider.System.GetUtcNow(), text);
            if (_lines.Count == Kept)
                _lines.Dequeue();
            _lines.Enqueue(line);
            _file?.WriteLine(text);
            if (_file?.BaseStream.Length > MaxFileLength)
                Roll();
        }
        Written?.Invoke(line);
    }

    public IReadOnlyList<string> Last(int count = Kept) => LastLines(count).Select(l => l.Text).ToList();

    public IReadOnlyList<LogLine> LastLines(int count = Kept)
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
