using Local.Publishing;
using YamlDotNet.RepresentationModel;

namespace Publishing.Tests;

public sealed class YamlTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0x1F")]
    [InlineData("1e3")]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("~")]
    [InlineData("12:30")]
    [InlineData("2026-01-01")]
    [InlineData("key: value")]
    [InlineData("# no comment")]
    [InlineData("{a}")]
    [InlineData("- item")]
    [InlineData("*.alias")]
    [InlineData("two\nlines\n")]
    [InlineData("quote\" and ' and \\")]
    [InlineData(" space around ")]
    public void Text_stays_text(string text)
    {
        var document = Assert.Single(Yamls.Read(Yaml.Write(null, new Map { ["value"] = text })));
        var value = Assert.IsType<YamlScalarNode>(document.At("value"));
        Assert.Equal(text, value.Value);
        // A plain scalar is whatever its letters look like; only these texts look like something else.
        if (text.All(c => !char.IsLetter(c)) || text is "true" or "No" or "0x1F" or "1e3")
            Assert.NotEqual(YamlDotNet.Core.ScalarStyle.Plain, value.Style);
    }

    [Fact]
    public void Order_is_kept_nothing_is_written_for_nothing_and_documents_are_parted()
    {
        var text = Yaml.Write("Comment", new Map { ["b"] = 1, ["a"] = true, ["none"] = null, ["empty"] = new Map(), ["list"] = new object[] { "x", 1.5m } }, new Map { ["c"] = "d" });
        Assert.Equal("# Comment\nb: 1\na: true\nempty: {}\nlist:\n- x\n- 1.5\n---\nc: d\n", text);
    }
}
