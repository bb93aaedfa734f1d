using Local.Kafka.Log;
using Microsoft.Win32.SafeHandles;

namespace Local.Kafka.Tests;

/// <summary>
/// A disk that knows what was flushed to it, and so how it may look after a power cut: a file has the content that was flushed last,
/// plus as much of what was appended since as had been written back by chance; a folder has the files that it had when it was flushed.
/// </summary>
internal sealed class PowerlessDisk : Disk
{
    /// <summary>Held by the broker that runs, and empty.</summary>
    private const string Lock = "lock";

    private readonly System.Threading.Lock gate = new();
    private readonly string root;
    private readonly Dictionary<string, Content> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Content>> folders = new(StringComparer.Ordinal);
    private bool isOff;

    /// <summary>A disk on which everything in the folder has been for long.</summary>
    public PowerlessDisk(string root) : base(FlushPolicy.Each)
    {
        this.root = root;
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)) ContentOf(path).Flushed = File.ReadAllBytes(path);
        foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Append(root)) FlushFolder(folder);
    }

    private PowerlessDisk(string root, PowerlessDisk before) : base(FlushPolicy.Each)
    {
        (this.root, files, folders) = (root, before.files, before.folders);
        before.isOff = true;
    }

    /// <summary>Makes the next flush of a file fail.</summary>
    public bool FailsOnce { get; set; }

    /// <summary>What one file holds, whatever it is called.</summary>
    private sealed class Content
    {
        public byte[] Flushed { get; set; } = [];
    }

    public override void Flush(SafeFileHandle file, string path)
    {
        lock (gate)
        {
            if (isOff) return;
            if (FailsOnce)
            {
                FailsOnce = false;
                throw new IOException("The disk failed.");
            }
            ContentOf(path).Flushed = Read(path);
        }
    }

    public override void FlushFolder(string path)
    {
        lock (gate)
        {
            if (isOff) return;
            foreach (var renamed in Directory.EnumerateFiles(path).Where(file => files.ContainsKey(Key(file) + ".new") && !File.Exists(file + ".new")))
            {
                files.Remove(Key(renamed) + ".new", out var content);
                files[Key(renamed)] = content!;
            }
            folders[Key(path)] = Directory.EnumerateFiles(path).ToDictionary(file => Path.GetFileName(file), ContentOf, StringComparer.Ordinal);
            foreach (var folder in Directory.EnumerateDirectories(path)) folders[Key(path)][Path.GetFileName(folder)] = new Content();
        }
    }

    /// <summary>The process is killed: what it wrote is all there in another folder, though not all of it on the disk.</summary>
    public PowerlessDisk Kill(string into)
    {
        lock (gate)
        {
            foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(Path.Combine(into, Key(folder)));
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => Key(file) != Lock)) File.WriteAllBytes(Path.Combine(into, Key(file)), Read(file));
            return new PowerlessDisk(into, this);
        }
    }

    /// <summary>The power fails: in another folder there is what the next start finds.</summary>
    public PowerlessDisk CutPower(string into, Random chance)
    {
        lock (gate)
        {
            isOff = true;
            RestoreFolder(root, into, chance);
        }
        return new PowerlessDisk(into);
    }

    private void RestoreFolder(string path, string into, Random chance)
    {
        Directory.CreateDirectory(into);
        foreach (var (name, content) in folders.GetValueOrDefault(Key(path)) ?? [])
        {
            var inside = Path.Combine(path, name);
            if (folders.ContainsKey(Key(inside)) || Directory.Exists(inside)) RestoreFolder(inside, Path.Combine(into, name), chance);
            else File.WriteAllBytes(Path.Combine(into, name), Surviving(content, inside, chance));
        }
    }

    private byte[] Surviving(Content content, string path, Random chance)
    {
        if (!File.Exists(path) || Key(path) == Lock) return content.Flushed;
        var now = Read(path);
        return now.Length > content.Flushed.Length && now.AsSpan().StartsWith(content.Flushed)
            ? now[..chance.Next(content.Flushed.Length, now.Length + 1)]
            : content.Flushed;
    }

    private Content ContentOf(string path) => files.TryGetValue(Key(path), out var known) ? known : files[Key(path)] = new Content();

    private string Key(string path) => Path.GetRelativePath(root, path);

    private static byte[] Read(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
