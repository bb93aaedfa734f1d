namespace Messaging;

internal static class Placeholder;
