using System.Text.Json;

namespace LoadTests.Results;

/// <summary>Keeps results as JSON.</summary>
internal static class ResultFile
{
    public const string FileName = "result.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(string folder, RunResult result)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(result, Options));
    }

    /// <summary>Reads a run by its folder or by the file itself.</summary>
    public static RunResult Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file)) throw new FileNotFoundException($"There is no run at '{path}': expected a folder with {FileName} in it.");
        return JsonSerializer.Deserialize<RunResult>(File.ReadAllText(file), Options) ?? throw new InvalidDataException($"'{file}' is empty.");
    }
}
