using NBomber.Contracts;
using NBomber.CSharp;

namespace NBomber.Engine;

/// <summary>The answers that the engine itself writes.</summary>
internal static class EngineResponse
{
    private const string TimeoutCode = "-100";
    private const string ExceptionCode = "-101";

    public static Response<T> FromException<T>(Exception error) => error is OperationCanceledException or TimeoutException
        ? Response.Fail<T>(TimeoutCode, "operation timeout")
        : Response.Fail<T>(ExceptionCode, error.Message);
}
