using System.Text;

namespace PaymentService;

/// <summary>An answer as it is stored for replays: its body is written once and sent as it is.</summary>
public readonly record struct Answer(int Status, string Body)
{
    public static Answer Of(PaymentView payment) => payment.Status switch
    {
        PaymentView.Completed => new(StatusCodes.Status201Created, payment.ToJson()),
        PaymentView.Pending => new(StatusCodes.Status202Accepted, payment.ToJson()),
        var other => throw new ArgumentOutOfRangeException(nameof(payment), other, "A failed payment is answered with a problem."),
    };

    public IResult ToResult(Guid payment) => new PaymentResult(this, payment);

    private sealed class PaymentResult(Answer answer, Guid payment) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            response.Headers.Location = $"/api/v1/payments/{payment}";
            response.ContentType = "application/json; charset=utf-8";
            return response.WriteAsync(answer.Body, Encoding.UTF8, httpContext.RequestAborted);
        }
    }
}
