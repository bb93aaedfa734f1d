namespace Local.Aspire.Hosting;

internal static class Placeholder;
