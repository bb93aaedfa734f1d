namespace NBomber.Contracts;

/// <summary>Thrown by a step or scenario whose measurement must not be counted.</summary>
public sealed class IgnoreMeasurementException : Exception
{
    public IgnoreMeasurementException() { }

    public IgnoreMeasurementException(string message) : base(message) { }

    public IgnoreMeasurementException(string message, Exception innerException) : base(message, innerException) { }
}
