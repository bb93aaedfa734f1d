using System.Net;
using System.Text;
using System.Text.Json;
using Testing;

namespace ReservationService.Tests;

public sealed class BadInputTests(Infrastructure infrastructure)
{
    public static TheoryData<string, int, string> Bodies => new()
    {
        { "", 400, "invalid-request" },
        { "{", 400, "invalid-request" },
        { "[]", 400, "invalid-request" },
        { "null", 400, "invalid-request" },
        { "{}", 400, "invalid-request" },
        { """{"scheduleId":1}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":null}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[1001,1002,1003,1004,1005]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[1001,1001]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[0]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[-5]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":["1001"]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[1001.5]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[99999999999999999999]}""", 400, "invalid-request" },
        { """{"scheduleId":"1","seatIds":[1001]}""", 400, "invalid-request" },
        { """{"scheduleId":-1,"seatIds":[1001]}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[1001],"scheduleId":2}""", 400, "invalid-request" },
        { """{"scheduleId":1,"seatIds":[2001]}""", 400, "unknown-seat" },
        { """{"scheduleId":5000,"seatIds":[1001]}""", 404, "not-found" },
        { """{"scheduleId":101,"seatIds":[101001]}""", 403, "not-admitted" },
        { """{"scheduleId":100,"seatIds":[100001]}""", 409, "sale-closed" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_refused_with_a_problem(string body, int status, string problem)
    {
        var sale = await SharedSaleAsync();
        using var answer = await PostAsync(sale, new StringContent(body, Encoding.UTF8, "application/json"), TestTokens.User(1), TestTokens.Pass(1, 1, 1));
        await IsProblemAsync(answer, status, problem);
    }

    [Fact]
    public async Task Invalid_utf8_a_wrong_content_type_and_a_huge_body_are_refused()
    {
        var sale = await SharedSaleAsync();
        var (user, pass) = (TestTokens.User(1), TestTokens.Pass(1, 1, 1));
        var garbage = new ByteArrayContent([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
        garbage.Headers.ContentType = new("application/json");
        await IsProblemAsync(await PostAsync(sale, garbage, user, pass), 400, "invalid-request");
        await IsProblemAsync(await PostAsync(sale, new StringContent("scheduleId=1", Encoding.UTF8, "text/plain"), user, pass), 415, "unsupported-media-type");
        await IsProblemAsync(await PostAsync(sale, new StringContent(new string(' ', 1_000_000), Encoding.UTF8, "application/json"), user, pass), 413, "body-too-large");
    }

    [Fact]
    public async Task Nobody_holds_without_a_user_token_and_a_pass_of_their_own()
    {
        var sale = await SharedSaleAsync();
        StringContent Body() => new("""{"scheduleId":1,"seatIds":[1001]}""", Encoding.UTF8, "application/json");
        await IsProblemAsync(await PostAsync(sale, Body(), user: null, TestTokens.Pass(1, 1, 1)), 401, "unauthorized");
        await IsProblemAsync(await PostAsync(sale, Body(), "forged.token.here", TestTokens.Pass(1, 1, 1)), 401, "unauthorized");
        await IsProblemAsync(await PostAsync(sale, Body(), TestTokens.User(1), pass: null), 403, "not-admitted");
        await IsProblemAsync(await PostAsync(sale, Body(), TestTokens.User(1), "forged"), 403, "not-admitted");
        await IsProblemAsync(await PostAsync(sale, Body(), TestTokens.User(1), TestTokens.Pass(2, 1, 1)), 403, "not-admitted");
        // A user token is no pass, and a pass is no user token.
        await IsProblemAsync(await PostAsync(sale, Body(), TestTokens.Pass(1, 1, 1), TestTokens.User(1)), 401, "unauthorized");
    }

    [Fact]
    public async Task Somebody_elses_reservation_is_as_good_as_none()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var held = await sale.HeldAsync(1, 1, [LayoutServer.Seat(1, 1)]);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            await IsProblemAsync(await sale.SendAsync(method, $"api/v1/reservations/{held.Id}", user: 2), 404, "not-found");
            await IsProblemAsync(await sale.SendAsync(method, $"api/v1/reservations/{Guid.CreateVersion7()}", user: 1), 404, "not-found");
            await IsProblemAsync(await sale.SendAsync(method, "api/v1/reservations/not-an-id", user: 1), 404, "not-found");
        }
        using var own = await sale.SendAsync(HttpMethod.Get, $"api/v1/reservations/{held.Id}", user: 1);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Contains("holdToken", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=x")]
    [InlineData("size=0")]
    [InlineData("size=101")]
    [InlineData("size=99999999999999")]
    public async Task A_bad_page_is_refused(string query)
    {
        var sale = await SharedSaleAsync();
        await IsProblemAsync(await sale.SendAsync(HttpMethod.Get, $"api/v1/reservations?{query}", user: 1), 400, "invalid-request");
    }

    private static Task<Sale>? shared;

    private Task<Sale> SharedSaleAsync() => shared ??= Sale.OpenAsync(infrastructure);

    private static Task<HttpResponseMessage> PostAsync(Sale sale, HttpContent body, string? user, string? pass)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/reservations") { Content = body };
        if (user is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {user}");
        if (pass is not null) request.Headers.TryAddWithoutValidation("X-Queue-Pass", pass);
        return sale.Any().SendAsync(request);
    }

    private static async Task IsProblemAsync(HttpResponseMessage answer, int status, string problem)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            using var json = JsonDocument.Parse(text);
            Assert.Equal($"urn:concert:problem:{problem}", json.RootElement.GetProperty("type").GetString());
            Assert.True(json.RootElement.TryGetProperty("traceId", out _));
        }
    }
}
