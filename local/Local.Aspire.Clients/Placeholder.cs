namespace Local.Aspire.Clients;

internal static class Placeholder;
