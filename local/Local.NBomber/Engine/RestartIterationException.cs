namespace NBomber.Engine;

/// <summary>Ends an iteration whose step failed; the failure is recorded already.</summary>
internal sealed class RestartIterationException : Exception
{
    public static readonly RestartIterationException Instance = new();

    private RestartIterationException() : base("A step failed.") { }
}
