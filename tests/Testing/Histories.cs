using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Testing;

/// <summary>
/// Random input that is the same at each run: a change fails for what it did, and not for what nobody had found before.
/// HISTORIES_SEED=7 HISTORIES_TIMES=50 goes and looks for that.
/// </summary>
public static class Histories
{
    private static readonly Rnd Seed = new(ulong.Parse(Environment.GetEnvironmentVariable("HISTORIES_SEED") ?? "1", CultureInfo.InvariantCulture));
    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("HISTORIES_TIMES") ?? "1", CultureInfo.InvariantCulture);

    public static T[] Some<T>(Gen<T> of, int count, int size) => of.Sample(count * Times, Seed, size);

    public static Config Tests(int count) =>
        Config.QuickThrowOnFailure.WithMaxTest(count * Times).WithReplay(FSharpOption<Replay>.Some(new Replay(Seed, FSharpOption<int>.None)));
}
