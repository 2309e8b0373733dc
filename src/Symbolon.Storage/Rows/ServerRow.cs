using Symbolon.Authority.Ports;

namespace Symbolon.Storage;

/// <summary>A server, with what is one for all, as both engines read it: in one statement, so that all of it belongs together.</summary>
internal sealed record ServerRow(long Promise, long? Number, string? Timeline, long? Seq, string? Name, long? Beats, long? Question, string? Answer)
{
    /// <summary>Reads the longest promise, the question's number, timeline and seq, then the server's name, beats, question and answer.</summary>
    public static ServerRow Read(StoreRow row) => new(
        row.Int64(), row.Int64OrNull(), row.TextOrNull(), row.Int64OrNull(), row.TextOrNull(), row.Int64OrNull(), row.Int64OrNull(), row.TextOrNull());

    /// <summary>What the rows say together; there is one at least.</summary>
    public static ServerFacts Facts(IReadOnlyList<ServerRow> rows, long change) => new(
        [.. rows.Where(row => row.Name is not null).Select(row => new ServerBeats(row.Name!, row.Beats!.Value))],
        TimeSpan.FromMilliseconds(rows[0].Promise),
        rows[0].Number is { } number ? new ReceiptQuestion(number, rows[0].Timeline!, rows[0].Seq!.Value) : null,
        [.. rows.Where(row => row.Answer is not null).Select(row => new ReceiptAnswer(row.Name!, row.Question!.Value, row.Answer!))],
        change);
}
