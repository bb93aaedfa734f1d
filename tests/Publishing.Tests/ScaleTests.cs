using Local.Processes;

namespace Publishing.Tests;

public sealed class ScaleTests
{
    [Fact]
    public async Task The_simulated_line_serves_everybody_in_turn_and_once()
    {
        await Tool.RequireAsync("redis-server", "redis-server");
        var (code, said) = await Repository.RunAsync(new ChildCommand(Programs.DotNet, Repository.AssemblyOf("LoadTests"), "line-simulation", "--tickets", "3000"));
        Assert.True(code == 0, said);
        Assert.Contains("3,000 served, 0 waiting, 0 places taken, 0 out of turn", said, StringComparison.Ordinal);
    }
}
