using Local.Processes;

namespace Aspire.Hosting.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_child_that_shares_our_session_does_not_hear_the_terminal()
    {
        const string script = "kill -INT $$; kill -QUIT $$; kill -HUP $$; echo unmoved; cut -d' ' -f6 /proc/$$/stat";

        var said = await RunAsync(new ChildCommand("/bin/sh", "-c", script) { SharesSession = true });

        Assert.Equal(["unmoved", SessionOf(Environment.ProcessId)], said);
    }

    [Fact]
    public async Task Any_other_child_has_a_session_of_its_own()
    {
        var said = await RunAsync(new ChildCommand("/bin/sh", "-c", "echo $$; cut -d' ' -f6 /proc/$$/stat"));

        Assert.Equal(2, said.Count);
        Assert.Equal(said[0], said[1]);
    }

    private static async Task<IReadOnlyList<string>> RunAsync(ChildCommand command)
    {
        var said = new List<string>();
        Assert.Equal(0, await ChildProcess.RunAsync(command, said.Add, TestContext.Current.CancellationToken));
        return said;
    }

    // The name of the program, which may have blanks, stands in parentheses before these fields.
    private static string SessionOf(int pid)
    {
        var status = File.ReadAllText($"/proc/{pid}/stat");
        return status[(status.LastIndexOf(')') + 2)..].Split(' ')[3];
    }
}
