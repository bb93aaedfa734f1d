using Testing;

[assembly: AssemblyFixture(typeof(Infrastructure))]
