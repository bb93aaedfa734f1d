using System.Net;
using System.Text;
using Testing;

namespace PaymentService.Tests;

public sealed class BadInputTests(Infrastructure infrastructure)
{
    private static readonly Guid Reservation = Guid.CreateVersion7();

    [Fact]
    public async Task Every_bad_input_is_refused_with_a_problem_and_no_500()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        var hold = TestTokens.Hold(Reservation, 1, 500);
        string Pay(string rest) => $$"""{"reservationId":"{{Reservation}}",{{rest}}}""";
        (string Path, string Body, int Status)[] cases =
        [
            .. new[] { "", "{", "[]", "null", "{}", """{"amount":null}""", """{"amount":"5"}""", """{"amount":1.5}""", """{"amount":0}""", """{"amount":-1}""",
                """{"amount":99999999999999999999}""", """{"amount":9223372036854775807}""", """{"amount":10000001}""" }.Select(b => ("wallet/charges", b, 400)),
            .. new[] { "", "{", "[]", "null", "{}", """{"reservationId":"x"}""", Pay("\"method\":\"points\""), Pay("\"holdToken\":\"forged\",\"method\":\"points\""),
                Pay($"\"holdToken\":\"{hold}\",\"method\":\"cash\""), Pay($"\"holdToken\":\"{hold}\",\"method\":0"), Pay($"\"holdToken\":\"{hold}\",\"method\":\"card\""),
                Pay($"\"holdToken\":\"{hold}x\",\"method\":\"points\""), Pay("\"holdToken\":null,\"method\":\"points\""),
                Pay($$"""
                    "holdToken":"{{hold}}","method":"card","card":{"number":"4242424242424241","expiry":"12/49"}
                    """), Pay($$"""
                    "holdToken":"{{hold}}","method":"card","card":{"number":"4242424242424242","expiry":"13/49"}
                    """), Pay($$"""
                    "holdToken":"{{hold}}","method":"card","card":{"number":"4242424242424242","expiry":"01/20"}
                    """), Pay($$"""
                    "holdToken":"{{hold}}","method":"card","card":{"expiry":"12/49"}
                    """),
                $$"""{"reservationId":"{{Guid.CreateVersion7()}}","holdToken":"{{hold}}","method":"points"}""" }.Select(b => ("payments", b, 400)),
            ("payments", Pay($"\"holdToken\":\"{TestTokens.Hold(Reservation, 2, 500)}\",\"method\":\"points\""), 404),
            ("payments", Pay($"\"holdToken\":\"{TestTokens.Hold(Reservation, 1, 500, DateTimeOffset.UnixEpoch)}\",\"method\":\"points\""), 410),
        ];
        foreach (var (path, body, status) in cases)
            await IsProblemAsync(till, path, new StringContent(body, Encoding.UTF8, "application/json"), status, body);

        foreach (var path in new[] { "wallet/charges", "payments" })
        {
            var garbage = new ByteArrayContent([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
            garbage.Headers.ContentType = new("application/json");
            await IsProblemAsync(till, path, garbage, 400, "invalid UTF-8");
            await IsProblemAsync(till, path, new StringContent("amount=1", Encoding.UTF8, "text/plain"), 415, "text/plain");
            await IsProblemAsync(till, path, new StringContent(new string(' ', 1_000_000), Encoding.UTF8, "application/json"), 413, "1 MB");
            await IsProblemAsync(till, path, new StringContent("{}", Encoding.UTF8, "application/json"), 400, "no key", key: null);
            await IsProblemAsync(till, path, new StringContent("{}", Encoding.UTF8, "application/json"), 400, "long key", key: new string('k', 256));
            await IsProblemAsync(till, path, new StringContent("{}", Encoding.UTF8, "application/json"), 401, "forged user", user: "forged.user.token");
        }
        foreach (var query in new[] { "before=0", "before=x", "size=0", "size=101", "size=99999999999" })
            Assert.Equal(HttpStatusCode.BadRequest, (await till.SendAsync(HttpMethod.Get, $"wallet/entries?{query}", 1)).StatusCode);
        Assert.Equal(0, await till.ScalarAsync<long>("SELECT count(*) FROM payments"));
    }

    [Fact]
    public async Task Somebody_elses_payment_is_as_good_as_none()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        using var paid = await till.PayAsync(1, 500);
        var id = (await Till.JsonAsync(paid)).GetProperty("id").GetGuid();
        Assert.Equal("completed", await till.StatusAsync(id, 1));
        foreach (var (path, user) in new[] { ($"payments/{id}", 2L), ($"payments/{Guid.CreateVersion7()}", 1L), ("payments/none", 1L) })
            Assert.Equal(HttpStatusCode.NotFound, (await till.SendAsync(HttpMethod.Get, path, user)).StatusCode);
    }

    private static async Task IsProblemAsync(Till till, string path, HttpContent body, int status, string what, string? key = "key", string? user = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/{path}") { Content = body };
        request.Headers.Add("Authorization", $"Bearer {user ?? TestTokens.User(1)}");
        // Who waits to be asked for a large body hears the refusal, instead of a closed connection.
        request.Headers.ExpectContinue = what is "1 MB";
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await till.Any().SendAsync(request);
        Assert.True(status == (int)answer.StatusCode, $"{path} {what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }
}
