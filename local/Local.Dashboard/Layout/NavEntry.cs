namespace Local.Dashboard.Layout;

/// <summary>A page in the navigation.</summary>
/// <param name="Key">Pressed alone, it opens the page.</param>
/// <param name="Icon">An SVG path in a box of 20 by 20, drawn with strokes.</param>
internal sealed record NavEntry(string Path, string Label, char Key, string Icon)
{
    internal static IReadOnlyList<NavEntry> All { get; } =
    [
        new("/", "Resources", 'r', "M3 4h14v4H3zM3 12h14v4H3zM6 6h.01M6 14h.01"),
        new("/console", "Console", 'c', "M3 4h14v12H3zM6 8l3 2-3 2M11 12h3"),
        new("/structuredlogs", "Structured logs", 's', "M3 5h3M8 5h9M3 10h3M8 10h9M3 15h3M8 15h6"),
        new("/traces", "Traces", 't', "M3 5h8M6 10h8M11 15h6"),
        new("/metrics", "Metrics", 'm', "M3 3v14h14M6 13l3-4 3 2 4-6"),
        new("/latency", "Latency", 'y', "M3 14a7 7 0 0 1 14 0M10 14l4-5M3 17h14"),
        new("/map", "Service map", 'a', "M5 5h.01M15 5h.01M10 15h.01M5 5l5 10M15 5l-5 10M5 5h10M3 5a2 2 0 1 0 4 0a2 2 0 1 0-4 0M13 5a2 2 0 1 0 4 0a2 2 0 1 0-4 0M8 15a2 2 0 1 0 4 0a2 2 0 1 0-4 0"),
        new("/alerts", "Alerts", 'w', "M5 14V9a5 5 0 0 1 10 0v5M3 14h14M8.5 17h3M10 2v2"),
        new("/messaging", "Messaging", 'g', "M3 5h14v10H3zM3 5l7 6 7-6"),
        new("/sale", "Line and sale", 'l', "M3 6h14v3a1 1 0 0 0 0 3v3H3v-3a1 1 0 0 0 0-3zM12 6v9"),
    ];
}
