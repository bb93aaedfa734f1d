using System.Diagnostics;
using NBomber.Contracts;
using NBomber.Engine;

namespace NBomber.CSharp;

/// <summary>Measures one call inside an iteration.</summary>
public static class Step
{
    public static async Task<Response<T>> Run<T>(string name, IScenarioContext context, Func<Task<Response<T>>> run)
    {
        var instance = (ScenarioInstance)context;
        var delay = instance.TakeStartDelay();
        var started = Stopwatch.GetTimestamp();
        Response<T> response;
        try
        {
            response = await run();
        }
        catch (Exception error) when (error is not IgnoreMeasurementException)
        {
            response = EngineResponse.FromException<T>(error);
        }
        instance.RecordStep(name, response, delay + Stopwatch.GetElapsedTime(started));
        return response.IsError && instance.RestartIterationOnFail ? throw RestartIterationException.Instance : response;
    }
}
