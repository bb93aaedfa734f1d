using System.CommandLine;

namespace LoadTests.Results;

/// <summary><c>compare</c>: two runs side by side; exit code 1 when the second is worse.</summary>
internal static class CompareCommand
{
    private const int UsageError = 2;

    public static Command Create()
    {
        var before = new Argument<string>("before") { Description = "folder or result.json of the earlier run" };
        var after = new Argument<string>("after") { Description = "folder or result.json of the later run" };
        var command = new Command("compare", "put two runs side by side") { before, after };
        command.SetAction(parsed =>
        {
            try
            {
                var rows = Comparison.Of(ResultFile.Read(parsed.GetValue(before)!), ResultFile.Read(parsed.GetValue(after)!));
                Console.WriteLine(Comparison.Describe(rows));
                return Comparison.Overall(rows) == Comparison.Verdict.Worse ? 1 : 0;
            }
            catch (Exception error) when (error is IOException or System.Text.Json.JsonException)
            {
                Console.Error.WriteLine(error.Message);
                return UsageError;
            }
        });
        return command;
    }
}
