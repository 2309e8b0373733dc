namespace Symbolon.Authority.Ports;

/// <summary>
/// The servers that use one store: so that each knows who else hears verifiers, and can ask all how far these have come when somebody waits for a receipt; and the longest that any verifier has ever
/// promised to go on without a word, which a server must know that starts anew. Written every few seconds, and for as long as somebody waits; never by a verifier's request.
/// </summary>
public interface IServerRegistry
{
    /// <summary>The server lives: its number of beats grows by one, or begins with 1. The longest promise grows where this one is longer.</summary>
    /// <param name="server">Its name, new at each start.</param>
    /// <param name="promise">The longest promise that it has heard of.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask BeatAsync(string server, TimeSpan promise, CancellationToken ct);

    /// <summary>The server stops: its number of beats becomes 0, and its answer is dropped.</summary>
    ValueTask StopAsync(string server, CancellationToken ct);

    /// <summary>All servers that were not dropped, the longest promise, the newest question and the answers to it, in one read of the primary.</summary>
    /// <param name="answersTo">Answers to the question of this number and to later ones are wanted; null: none is.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask<ServerFacts> ReadAsync(long? answersTo, CancellationToken ct);

    /// <summary>Drops a server that has been silent for long, where it is still at that number of beats.</summary>
    ValueTask DropAsync(ServerBeats server, CancellationToken ct);

    /// <summary>Asks all servers how far their verifiers have come: the number of the question grows by one. In one timeline the highest number that was asked for stays.</summary>
    /// <returns>The question's number: whoever answers it or a later one has read the store after this was called.</returns>
    ValueTask<long> AskAsync(string timeline, long seq, CancellationToken ct);

    /// <summary>Answers a question, in place of what the server answered before; not where it has answered a later one. Of a server that is not there, or has stopped, nothing is kept.</summary>
    /// <param name="server">Who answers.</param>
    /// <param name="question">The question's number.</param>
    /// <param name="answer">How far its verifiers have come: bounded text, which only servers read.</param>
    /// <param name="ct">Cancels.</param>
    ValueTask AnswerAsync(string server, long question, string answer, CancellationToken ct);

    /// <summary>Ends when there is a question or an answer that may not have been in facts with that <see cref="ServerFacts.Change"/>, or after <paramref name="atMost"/>; a store may only
    /// notice what its own process writes. May end for nothing.</summary>
    ValueTask WaitAsync(long change, TimeSpan atMost, CancellationToken ct);
}

/// <summary>What one read tells about the servers.</summary>
/// <param name="Servers">The servers.</param>
/// <param name="LongestPromise">The longest promise, in whole milliseconds; zero when there was none.</param>
/// <param name="Question">The newest question; null when none was ever asked.</param>
/// <param name="Answers">The answers that were asked for.</param>
/// <param name="Change">Says to <see cref="IServerRegistry.WaitAsync"/> what is known. Has a meaning in this process only.</param>
public sealed record ServerFacts(IReadOnlyList<ServerBeats> Servers, TimeSpan LongestPromise, ReceiptQuestion? Question, IReadOnlyList<ReceiptAnswer> Answers, long Change);

/// <summary>A server and its number of beats. The number changes while it lives, so that no clock is compared with another's; 0 when it has stopped.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Beats">The number.</param>
public readonly record struct ServerBeats(string Server, long Beats);

/// <summary>Somebody waits for a receipt.</summary>
/// <param name="Number">The question's number: 1, 2, 3 …</param>
/// <param name="Timeline">Of which timeline of the log.</param>
/// <param name="Seq">Up to which of its numbers.</param>
public sealed record ReceiptQuestion(long Number, string Timeline, long Seq);

/// <summary>What a server has answered.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Question">The number of the question.</param>
/// <param name="Answer">The text.</param>
public sealed record ReceiptAnswer(string Server, long Question, string Answer);
