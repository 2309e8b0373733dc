using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Symbolon.Sessions;

namespace Symbolon.Revocation;

public sealed class RevocationJsonTests
{
    private const string When = "\"at\":\"2026-03-01T12:00:00.000Z\",\"until\":\"2026-03-01T13:01:00.000Z\"";
    private const string Entry = "{\"seq\":7,\"kind\":\"session\",\"sid\":\"s1\"," + When + ",\"reason\":\"logout\"}";
    private const string Page = "{\"timeline\":\"t\",\"since\":6,\"seq\":7,\"newest\":9,\"now\":\"2026-03-01T12:00:01.000Z\",\"max_token_age\":3600,\"entries\":[" + Entry + "]}";
    private static readonly DateTimeOffset T0 = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Ids = Gen.Elements(
        "01957a00-0000-7000-8000-000000000001", "a", "auth0|5f7c8ec7", "naïve \"id\" \\ 🗝", "\0", "</script>", new string('x', RevocationJson.MaxIdLength));

    private static readonly Gen<DateTimeOffset> Instants =
        Gen.Choose(-60_000, int.MaxValue).Select(milliseconds => T0.AddMilliseconds(milliseconds)).Or(Gen.Elements(DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, new(9999, 12, 31, 23, 59, 59, 999, TimeSpan.Zero)));

    private static readonly Gen<RevocationEntry> Entries =
        from kind in Gen.Elements(Enum.GetValues<RevocationKind>())
        from id in Ids
        from number in Gen.Elements(0, 1, 7, int.MaxValue)
        from at in Instants
        from until in Instants
        from reason in Gen.Elements<string?>(null, "logout", "a_reason_of_later", "")
        let hasNumber = kind is RevocationKind.Subject or RevocationKind.Claims or RevocationKind.Era
        select new RevocationEntry(kind, kind is RevocationKind.Era ? "" : id, hasNumber ? number : 0, at, until, reason);

    [Fact]
    public void ReadEntry_ReadsWhatWriteWrote_OfEachKind() =>
        Holds(from entry in Entries from seq in Gen.Elements(1, 2, long.MaxValue) select new LoggedRevocation(seq, entry), logged => RevocationJson.ReadEntry(Written(logged)) == logged);

    [Fact]
    public void ReadPage_ReadsWhatWriteWrote() =>
        Holds(
            from entries in Entries.ListOf()
            from since in Gen.Elements<long?>(null, 0, 41, long.MaxValue - 1_000)
            from now in Instants
            from age in Gen.Choose(0, 100_000)
            select new RevocationPage("t-1", since, (since ?? 3) + entries.Count, long.MaxValue, now, [.. entries.Select((entry, i) => new LoggedRevocation((since ?? 3) + i + 1, entry))])
            {
                MaxTokenAge = TimeSpan.FromSeconds(age),
            },
            page =>
            {
                var read = RevocationJson.ReadPage(Written(json => RevocationJson.Write(json, page)));
                return read with { Entries = page.Entries } == page && read.Entries.SequenceEqual(page.Entries);
            });

    [Fact]
    public void Write_IsTheFormOfDesign()
    {
        var page = new RevocationPage("t", 6, 7, 9, T0.AddSeconds(1), [new LoggedRevocation(7, new RevocationEntry(RevocationKind.Session, "s1", 0, T0, T0 + RevocationEntry.Life, "logout"))]);
        Assert.Equal(Page, Encoding.UTF8.GetString(Written(json => RevocationJson.Write(json, page)).Span));
        (RevocationEntry Entry, string Form)[] others =
        [
            (RevocationEntry.OfToken("j", T0), "\"kind\":\"token\",\"jti\":\"j\""), (RevocationEntry.OfSubject(new SubjectId("a"), 2, EndReason.Risk, T0), "\"kind\":\"subject\",\"sub\":\"a\",\"epoch\":2"),
            (RevocationEntry.OfClaims(new SubjectId("a"), 3, T0), "\"kind\":\"claims\",\"sub\":\"a\",\"version\":3"), (RevocationEntry.OfKey("k", T0), "\"kind\":\"key\",\"kid\":\"k\""),
            (RevocationEntry.OfEra(4, T0), "\"kind\":\"era\",\"era\":4"),
        ];
        foreach (var (entry, form) in others) Assert.StartsWith($"{{\"seq\":1,{form},{When}", Encoding.UTF8.GetString(Written(new LoggedRevocation(1, entry)).Span), StringComparison.Ordinal);
    }

    /// <summary>What makes the entry bad, by a replacement in <see cref="Entry"/>.</summary>
    public static TheoryData<string, string> BadEntries => new()
    {
        { Entry, "" }, { Entry, "null" }, { Entry, "[]" }, { Entry, "7" }, { Entry, "[" + Entry + "]" }, { Entry, Entry + " {}" }, { Entry, Entry + "x" }, { Entry, Entry + "\0" }, { Entry, Entry[..^1] },
        { Entry, Entry[..^1] + ",}" }, { Entry, "\uFEFF" + Entry }, { Entry, "/**/" + Entry },
        { "\"seq\":7,", "" }, { ":7", ":0" }, { ":7", ":-1" }, { ":7", ":\"7\"" }, { ":7", ":7.5" }, { ":7", ":7.0" }, { ":7", ":7e0" }, { ":7", ":9223372036854775808" }, { ":7", ":null" },
        { ":7", ":1" + new string('0', 1_000) }, { "\"seq\":7", "\"seq\":7,\"seq\":7" }, { "\"seq\":7", "\"seq\":7,\"\\u0073eq\":8" },
        { "\"kind\":\"session\",", "" }, { "\"session\"", "1" }, { "\"session\"", "null" }, { "\"session\"", "[\"session\"]" },
        { "\"sid\":\"s1\",", "" }, { "\"s1\"", "\"\"" }, { "\"s1\"", "null" }, { "\"s1\"", "1" }, { "\"s1\"", "{}" }, { "\"s1\"", "\"\\ud800\"" },
        { "s1", new string('x', RevocationJson.MaxIdLength + 1) }, { "\"sid\":\"s1\"", "\"sid\":\"s1\",\"sid\":\"s2\"" },
        { "\"session\",\"sid\"", "\"token\",\"sid\"" }, { "\"session\",\"sid\":\"s1\"", "\"token\",\"jti\":\"\"" }, { "\"session\",\"sid\":\"s1\"", "\"key\",\"kid\":\"\"" },
        { "\"session\",\"sid\":\"s1\"", "\"subject\",\"sub\":\"\",\"epoch\":1" }, { "\"session\",\"sid\":\"s1\"", "\"subject\",\"sub\":\"a\"" }, { "\"session\",\"sid\":\"s1\"", "\"subject\",\"epoch\":1" },
        { "\"session\",\"sid\":\"s1\"", "\"subject\",\"sub\":\"a\",\"epoch\":-1" }, { "\"session\",\"sid\":\"s1\"", "\"subject\",\"sub\":\"a\",\"epoch\":2147483648" },
        { "\"session\",\"sid\":\"s1\"", "\"claims\",\"sub\":\"\",\"version\":1" }, { "\"session\",\"sid\":\"s1\"", "\"claims\",\"sub\":\"a\",\"version\":\"1\"" },
        { "\"session\",\"sid\":\"s1\"", "\"claims\",\"sub\":\"a\",\"epoch\":1" }, { "\"session\",\"sid\":\"s1\"", "\"era\"" }, { "\"session\",\"sid\":\"s1\"", "\"era\",\"era\":null" },
        { "\"at\":\"2026-03-01T12:00:00.000Z\",", "" }, { "\"until\"", "\"till\"" }, { "\"2026-03-01T12:00:00.000Z\"", "1772366400" }, { "12:00:00.000Z", "12:00:00.000" }, { "2026-03-01T12:00:00.000Z", "2026-03-01" },
        { "2026-03-01T12", "2026-02-30T12" }, { "T12:00", " 12:00" }, { "12:00:00.000Z", "25:00:00.000Z" }, { "2026-03-01T12:00:00.000Z", "now" }, { "2026-03-01T12:00:00.000Z", "" },
        { "\"logout\"", "1" }, { "\"logout\"", "null" }, { "\"logout\"", "[[[[[[[[1]]]]]]]]" }, { "\"reason\"", "\"more\":[[[[[[[[1]]]]]]]],\"reason\"" },
    };

    [Theory, MemberData(nameof(BadEntries))]
    public void Read_Refuses_ABadEntry_AloneAndInAPage(string part, string instead)
    {
        var entry = Entry.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Entry, entry);
        Assert.Throws<FormatException>(() => RevocationJson.ReadEntry(Bytes(entry)));
        if (part != Entry || entry is "null" or "[]" or "7") Assert.Throws<FormatException>(() => RevocationJson.ReadPage(Bytes(Page.Replace(Entry, entry, StringComparison.Ordinal))));
    }

    /// <summary>The same of <see cref="Page"/>.</summary>
    public static TheoryData<string, string> BadPages => new()
    {
        { Page, "" }, { Page, "null" }, { Page, "[]" }, { Page, Entry }, { Page, Page + Page }, { Page, Page + "x" }, { Page, Page[..^1] },
        { "\"timeline\":\"t\",", "" }, { "\"t\"", "\"\"" }, { "\"t\"", "1" }, { "\"t\"", "null" }, { "\"t\"", "\"" + new string('t', 65) + "\"" }, { "\"timeline\"", "\"timeline\":\"u\",\"timeline\"" },
        { "\"since\":6", "\"since\":-1" }, { "\"since\":6", "\"since\":null" }, { "\"since\":6", "\"since\":\"6\"" }, { "\"since\":6", "\"since\":6.5" }, { "\"since\":6,\"seq\":7,", "\"since\":6," },
        { "\"seq\":7,\"newest\"", "\"seq\":-7,\"newest\"" }, { "\"seq\":7,\"newest\"", "\"seq\":true,\"newest\"" }, { "\"newest\":9,", "" }, { "\"newest\":9", "\"newest\":9999999999999999999" },
        { "\"now\"", "\"then\"" }, { "12:00:01.000Z", "12:00:01.000" }, { "\"max_token_age\":3600,", "" }, { "3600", "-1" }, { "3600", "\"01:00:00\"" },
        { "\"entries\"", "\"entrys\"" }, { "[" + Entry + "]", Entry }, { "[" + Entry + "]", "null" }, { Entry, Entry + "," }, { Entry, "[" + Entry + "]" },
    };

    [Theory, MemberData(nameof(BadPages))]
    public void ReadPage_Refuses_ABadPage(string part, string instead)
    {
        var page = Page.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Page, page);
        Assert.Throws<FormatException>(() => RevocationJson.ReadPage(Bytes(page)));
    }

    [Fact]
    public void Read_Refuses_WhatIsNotUtf8()
    {
        foreach (var (json, read) in ((string, Action<byte[]>)[])[(Entry, bytes => RevocationJson.ReadEntry(bytes)), (Page, bytes => RevocationJson.ReadPage(bytes))])
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            bytes[Array.LastIndexOf(bytes, (byte)'t')] = 0xff;
            Assert.Throws<FormatException>(() => read(bytes));
            Assert.Throws<FormatException>(() => read(Encoding.Unicode.GetBytes(json)));
        }
    }

    [Fact]
    public void ReadPage_Refuses_WhatIsTooLarge()
    {
        var most = string.Join(',', Enumerable.Range(0, RevocationJson.MaxEntries).Select(i => Entry.Replace(":7", $":{i + 7}", StringComparison.Ordinal)));
        Assert.Equal(RevocationJson.MaxEntries, RevocationJson.ReadPage(Bytes(Page.Replace(Entry, most, StringComparison.Ordinal))).Entries.Count);
        Assert.Throws<FormatException>(() => RevocationJson.ReadPage(Bytes(Page.Replace(Entry, most + "," + Entry, StringComparison.Ordinal))));
        Assert.Throws<FormatException>(() => RevocationJson.ReadPage(Bytes(Page + new string(' ', RevocationJson.MaxLength))));
    }

    /// <summary>Kept at its place, so that the numbers have no gap; the reader says aloud how many it passed over.</summary>
    [Theory]
    [InlineData("{\"seq\":7,\"kind\":\"device\",\"device\":[1,{}]}")]
    [InlineData("{\"seq\":7,\"kind\":\"Session\",\"sid\":\"\"}")]
    [InlineData("{\"seq\":7,\"kind\":\"\"}")]
    public void Read_KeepsThePlace_OfAnUnknownKind(string entry)
    {
        Assert.Equal(new LoggedRevocation(7, null), RevocationJson.ReadEntry(Bytes(entry)));
        Assert.Equal([new LoggedRevocation(7, null)], RevocationJson.ReadPage(Bytes(Page.Replace(Entry, entry, StringComparison.Ordinal))).Entries);
        Assert.Throws<ArgumentException>(() => Written(new LoggedRevocation(7, null)));
        Assert.Throws<FormatException>(() => RevocationJson.ReadEntry(Bytes(entry.Replace(":7", ":\"7\"", StringComparison.Ordinal))));
    }

    [Fact]
    public void Read_IgnoresUnknownMembers_AndTakesEveryOffset()
    {
        var entry = Entry.Replace("\"reason\"", "\"more\":[[1]],\"reason\"", StringComparison.Ordinal).Replace("T12:00:00.000Z", "T14:30:00+02:30", StringComparison.Ordinal);
        Assert.Equal(RevocationJson.ReadEntry(Bytes(Entry)), RevocationJson.ReadEntry(Bytes(entry)));
    }

    [Fact]
    public void Entry_CannotBeMade_WithoutAnId()
    {
        Assert.Throws<ArgumentException>(() => RevocationEntry.OfToken("", T0));
        Assert.Throws<ArgumentException>(() => RevocationEntry.OfKey("", T0));
        Assert.Throws<ArgumentException>(() => RevocationEntry.OfSubject(default, 1, EndReason.Risk, T0));
        Assert.Throws<ArgumentException>(() => RevocationEntry.OfClaims(new SubjectId(""), 1, T0));
    }

    private static void Holds<T>(Gen<T> values, Func<T, bool> property) => Prop.ForAll(values.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500));

    private static ReadOnlyMemory<byte> Bytes(string json) => Encoding.UTF8.GetBytes(json);

    private static ReadOnlyMemory<byte> Written(LoggedRevocation logged) => Written(json => RevocationJson.Write(json, logged));

    private static ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return buffer.ToArray();
    }
}
