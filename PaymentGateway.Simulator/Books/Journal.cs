using System.Text.Json;

namespace PaymentGatewaySimulator.Books;

/// <summary>One JSON line per change, appended before it is answered; the last line of a key counts.</summary>
internal sealed class Journal : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    public Journal(string directory)
    {
        Directory.CreateDirectory(directory);
        _path = Path.Combine(directory, "books.jsonl");
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    public IEnumerable<Entry> Read()
    {
        using var reader = new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (TryParse(line) is { } entry)
                yield return entry;
        }
    }

    public void Append(Entry entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry, GatewayJson.Default.Entry);
        _file.Write([.. line, (byte)'\n']);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    // A process killed while it wrote leaves half a line; what it said was never answered.
    private static Entry? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, GatewayJson.Default.Entry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
