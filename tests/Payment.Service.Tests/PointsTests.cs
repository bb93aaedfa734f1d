using System.Net;
using Testing;

namespace PaymentService.Tests;

public sealed class PointsTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_wallet_never_goes_below_zero_under_500_concurrent_debits()
    {
        await using var till = await Till.OpenAsync(infrastructure, replicas: 2);
        // A wallet of 1,000,000 pays for 100 of them.
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => till.PayUntilAnsweredAsync(user: 7, amount: 10_000)));
        Assert.Equal(100, answers.Count(a => a.StatusCode is HttpStatusCode.Created));
        Assert.Equal(400, answers.Count(a => a.StatusCode is HttpStatusCode.PaymentRequired));
        Assert.Equal(0, await till.BalanceAsync(7));
        Assert.Equal(100, await till.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE type = 'PaymentCompleted'"));
        Assert.Equal(1_000_000, await till.ScalarAsync<long>("SELECT sum(amount)::bigint FROM ledger_entries WHERE account = 'revenue'"));
        await till.BooksAgreeAsync();
    }

    [Fact]
    public async Task One_key_has_one_effect_however_often_and_at_once_it_is_sent()
    {
        await using var till = await Till.OpenAsync(infrastructure, replicas: 2);
        var reservation = Guid.CreateVersion7();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => till.PayAsync(1, 1_000, reservation, key: "k")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Equal(19, answers.Count(a => a.Headers.Contains("Idempotency-Replayed")));
        Assert.Single((await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(999_000, await till.BalanceAsync(1));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await till.PayAsync(1, 1_000, key: "k")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await till.PayAsync(2, 1_000, key: "k")).StatusCode);
        using var second = await till.PayAsync(1, 1_000, reservation);
        Assert.EndsWith("already-paid", (await Till.JsonAsync(second)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_wallet_takes_no_more_and_its_sum_does_not_overflow()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        Assert.Equal(999_999_999_999_999, await till.ScalarAsync<long>("UPDATE wallets SET balance = 999999999999999 WHERE user_id = 9 RETURNING balance"));
        using var refused = await till.SendAsync(HttpMethod.Post, "wallet/charges", 9, new { amount = 2 }, "over");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.EndsWith("wallet-full", (await Till.JsonAsync(refused)).GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await till.SendAsync(HttpMethod.Post, "wallet/charges", 9, new { amount = 1 }, "full")).StatusCode);
        Assert.Equal(1_000_000_000_000_000, await till.BalanceAsync(9));
    }

    [Fact]
    public async Task A_refusal_for_lack_of_points_is_replayed_and_another_key_pays_after_a_charge()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        var reservation = Guid.CreateVersion7();
        using var refused = await till.PayAsync(5_000, 300, reservation, key: "a");
        Assert.EndsWith("insufficient-points", (await Till.JsonAsync(refused)).GetProperty("type").GetString(), StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await till.SendAsync(HttpMethod.Post, "wallet/charges", 5_000, new { amount = 500 }, "c")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await till.SendAsync(HttpMethod.Post, "wallet/charges", 5_000, new { amount = 600 }, "c")).StatusCode);
        Assert.Equal(500, await till.BalanceAsync(5_000));
        using var replayed = await till.PayAsync(5_000, 300, reservation, key: "a");
        Assert.Equal(HttpStatusCode.PaymentRequired, replayed.StatusCode);
        Assert.Equal("application/problem+json", replayed.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.Created, (await till.PayAsync(5_000, 300, reservation, key: "b")).StatusCode);

        using var history = await till.SendAsync(HttpMethod.Get, "wallet/entries?size=1", 5_000);
        var page = await Till.JsonAsync(history);
        Assert.Equal(-300, page.GetProperty("items")[0].GetProperty("amount").GetInt64());
        using var older = await till.SendAsync(HttpMethod.Get, $"wallet/entries?before={page.GetProperty("next").GetInt64()}", 5_000);
        Assert.Equal(500, (await Till.JsonAsync(older)).GetProperty("items")[0].GetProperty("amount").GetInt64());
        await till.BooksAgreeAsync();
    }
}
