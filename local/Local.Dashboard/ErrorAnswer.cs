using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Local.Dashboard;

/// <summary>What somebody who has signed in sees of a fault of the dashboard itself: all of it, for there is no log to look into.</summary>
internal static class ErrorAnswer
{
    internal static void UseErrorAnswer(this IApplicationBuilder app) => app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerAsync });

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"The dashboard failed to answer {context.Features.Get<IExceptionHandlerPathFeature>()?.Path}.\n\n{context.Features.Get<IExceptionHandlerFeature>()?.Error}");
    }
}
