namespace Testing;

internal static class Placeholder;
