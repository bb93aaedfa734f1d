using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Testing;

namespace Messaging.Tests;

public sealed class RuleTests
{
    [Fact]
    public void Pauses_double_from_the_first_to_the_longest()
    {
        var retry = new RetrySchedule(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
        Assert.Equal([100, 200, 400, 800, 1000, 1000], Enumerable.Range(1, 6).Select(n => (int)retry.After(n).TotalMilliseconds));
    }

    [Fact]
    public void A_pause_is_never_shorter_than_the_one_before_nor_longer_than_the_longest() =>
        Prop.ForAll<PositiveInt, PositiveInt, PositiveInt>((first, more, failures) =>
        {
            var retry = new RetrySchedule(TimeSpan.FromTicks(first.Get), TimeSpan.FromTicks(first.Get + (long)more.Get));
            return retry.After(failures.Get) >= retry.First && retry.After(failures.Get + 1) >= retry.After(failures.Get)
                && retry.After(failures.Get + 1) <= retry.Longest && retry.After(int.MaxValue) == retry.Longest;
        }).Check(Histories.Tests(100));

    [Fact]
    public void An_error_is_cut_between_characters() =>
        Prop.ForAll<NonEmptyString, PositiveInt>((text, times) =>
        {
            var error = string.Concat(Enumerable.Repeat("é€😀" + text.Get.ReplaceLineEndings(""), 1 + times.Get * 97));
            var whole = Encoding.UTF8.GetBytes(error);
            var cut = DeadLetterWriter.Cut(error);
            return cut.Length <= 8192 && cut.Length >= Math.Min(whole.Length, 8189) && whole.AsSpan().StartsWith(cut)
                && (cut.Length == whole.Length || (whole[cut.Length] & 0xC0) != 0x80);
        }).Check(Histories.Tests(100));

    [Fact]
    public void An_id_for_a_moment_is_below_all_ids_from_then_on() =>
        Prop.ForAll<PositiveInt>(seconds =>
        {
            var moment = DateTimeOffset.UnixEpoch.AddSeconds(seconds.Get);
            byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);
            return Bytes(MessageSweeper.IdOf(moment)).AsSpan().SequenceCompareTo(Bytes(Guid.CreateVersion7(moment))) < 0
                && Bytes(MessageSweeper.IdOf(moment)).AsSpan().SequenceCompareTo(Bytes(Guid.CreateVersion7(moment.AddMilliseconds(-1)))) > 0;
        }).Check(Histories.Tests(100));

    [Fact]
    public void An_event_is_taken_from_one_topic_only()
    {
        var messaging = new MessagingBuilder();
        messaging.Consume("a", "g", c => c.Add<RememberPayment>());
        Assert.Throws<InvalidOperationException>(() => messaging.Consume("b", "g", c => c.Add<RememberPayment>()));
    }
}
