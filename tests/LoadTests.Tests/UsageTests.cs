using LoadTests.Planning;

namespace LoadTests.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("load --nonsense")]
    [InlineData("load --users x")]
    [InlineData("load --users 0")]
    [InlineData("load --users -5")]
    [InlineData("load --users 99999999999")]
    [InlineData("load --users")]
    [InlineData("load --duration soon")]
    [InlineData("load --duration -5s")]
    [InlineData("load --scenario nonsense")]
    [InlineData("load --seed one")]
    [InlineData("seed --schedules x")]
    [InlineData("seed --concerts 10 --schedules 5")]
    [InlineData("seed --points 0")]
    [InlineData("plan")]
    [InlineData("plan --dau many")]
    [InlineData("plan --dau 100 --visits -1")]
    [InlineData("drill nonsense")]
    [InlineData("drill kafka-kill --fault never")]
    [InlineData("drill kafka-kill --rate 0")]
    [InlineData("compare one")]
    [InlineData("line-simulation --tickets none")]
    [InlineData("postmortem new --from yesterday --to today")]
    [InlineData("postmortem new --from 2026-01-02T00:00Z --to 2026-01-01T00:00Z")]
    public void A_command_line_that_is_not_understood_is_answered_with_usage_and_2(string line)
    {
        var program = typeof(LoadPlan).Assembly.EntryPoint!;
        Assert.Equal(2, program.Invoke(null, [line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
    }
}
