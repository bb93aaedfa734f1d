using NBomber.Contracts;

namespace NBomber.Engine;

/// <summary>The arithmetic of load simulations: how long, how many copies, how many iterations due.</summary>
internal static class Stage
{
    /// <summary>Where a stage stands: its report name, the copies or the rate per second.</summary>
    internal sealed record Level(string Name, int Copies, double RatePerSecond)
    {
        public static readonly Level None = new("none", 0, 0);

        public int Value => Copies > 0 ? Copies : (int)Math.Round(RatePerSecond);
    }

    public static TimeSpan DurationOf(LoadSimulation stage) => stage switch
    {
        LoadSimulation.RampingConstant s => s.During,
        LoadSimulation.KeepConstant s => s.During,
        LoadSimulation.RampingInject s => s.During,
        LoadSimulation.Inject s => s.During,
        LoadSimulation.InjectRandom s => s.During,
        LoadSimulation.Pause s => s.During,
        LoadSimulation.IterationsForInject s => s.Interval * ((double)s.Iterations / s.Rate),
        _ => TimeSpan.Zero,
    };

    public static string NameOf(LoadSimulation stage) => stage switch
    {
        LoadSimulation.RampingConstant => "ramping_constant",
        LoadSimulation.KeepConstant => "keep_constant",
        LoadSimulation.IterationsForConstant => "iterations_for_constant",
        LoadSimulation.RampingInject => "ramping_inject",
        LoadSimulation.Inject => "inject",
        LoadSimulation.InjectRandom => "inject_random",
        LoadSimulation.IterationsForInject => "iterations_for_inject",
        _ => "pause",
    };

    public static string Describe(LoadSimulation stage) => stage switch
    {
        LoadSimulation.RampingConstant s => $"{NameOf(s)}, copies: {s.Copies}, during: {s.During}",
        LoadSimulation.KeepConstant s => $"{NameOf(s)}, copies: {s.Copies}, during: {s.During}",
        LoadSimulation.IterationsForConstant s => $"{NameOf(s)}, copies: {s.Copies}, iterations: {s.Iterations}",
        LoadSimulation.RampingInject s => $"{NameOf(s)}, rate: {s.Rate}, interval: {s.Interval}, during: {s.During}",
        LoadSimulation.Inject s => $"{NameOf(s)}, rate: {s.Rate}, interval: {s.Interval}, during: {s.During}",
        LoadSimulation.InjectRandom s => $"{NameOf(s)}, rate: {s.MinRate} to {s.MaxRate}, interval: {s.Interval}, during: {s.During}",
        LoadSimulation.IterationsForInject s => $"{NameOf(s)}, rate: {s.Rate}, interval: {s.Interval}, iterations: {s.Iterations}",
        _ => $"{NameOf(stage)}, during: {DurationOf(stage)}",
    };

    /// <summary>The stage that warms up for a plan: its first load, at full height.</summary>
    public static LoadSimulation WarmUpFor(IReadOnlyList<LoadSimulation> stages, TimeSpan during) =>
        stages.First(s => s is not LoadSimulation.Pause) switch
        {
            LoadSimulation.RampingConstant s => new LoadSimulation.KeepConstant(Math.Max(1, s.Copies), during),
            LoadSimulation.KeepConstant s => s with { During = during },
            LoadSimulation.IterationsForConstant s => new LoadSimulation.KeepConstant(s.Copies, during),
            LoadSimulation.RampingInject s => new LoadSimulation.Inject(Math.Max(1, s.Rate), s.Interval, during),
            LoadSimulation.Inject s => s with { During = during },
            LoadSimulation.InjectRandom s => s with { During = during },
            LoadSimulation.IterationsForInject s => new LoadSimulation.Inject(s.Rate, s.Interval, during),
            var other => other,
        };
}
