using NBomber.Contracts;

namespace NBomber.Data
{
    /// <summary>Test data handed out item by item.</summary>
    public interface IDataFeed<T>
    {
        T[] Items { get; }
        T GetNextItem(ScenarioInfo scenarioInfo);
    }
}

namespace NBomber.Data.CSharp
{
    /// <summary>Ways to hand out test data.</summary>
    public static class DataFeed
    {
        /// <summary>Any item, each time.</summary>
        public static IDataFeed<T> Random<T>(IEnumerable<T> data) => new Feed<T>(data, (items, _, _) => items[System.Random.Shared.Next(items.Length)]);

        /// <summary>The same item for a copy, always.</summary>
        public static IDataFeed<T> Constant<T>(IEnumerable<T> data) => new Feed<T>(data, (items, info, _) => items[info.InstanceNumber % items.Length]);

        /// <summary>One item after the other, all copies together.</summary>
        public static IDataFeed<T> Circular<T>(IEnumerable<T> data) => new Feed<T>(data, (items, _, turn) => items[(int)(turn % items.Length)]);

        private sealed class Feed<T>(IEnumerable<T> data, Func<T[], ScenarioInfo, long, T> choose) : IDataFeed<T>
        {
            private long turn = -1;

            public T[] Items { get; } = [.. data];

            public T GetNextItem(ScenarioInfo scenarioInfo) => choose(Items, scenarioInfo, Interlocked.Increment(ref turn));
        }
    }
}
