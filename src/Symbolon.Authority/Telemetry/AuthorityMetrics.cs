using System.Diagnostics.Metrics;

namespace Symbolon.Authority;

/// <summary>What the authority counts, under the meter <c>Symbolon.Authority</c>.</summary>
internal sealed class AuthorityMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "Symbolon.Authority";

    private readonly Counter<long> refreshes, passwords, clients, started, ended, unavailable;

    public AuthorityMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        refreshes = meter.CreateCounter<long>("symbolon.refreshes", "{refresh}", "Refresh tokens presented, by decision.");
        passwords = meter.CreateCounter<long>("symbolon.password_checks", "{check}", "Passwords checked, by outcome.");
        clients = meter.CreateCounter<long>("symbolon.client_checks", "{check}", "Clients that authenticated at the OAuth endpoints, by client and outcome.");
        started = meter.CreateCounter<long>("symbolon.sessions.started", "{session}", "Sessions started.");
        ended = meter.CreateCounter<long>("symbolon.sessions.ended", "{session}", "Sessions ended one by one, by reason.");
        unavailable = meter.CreateCounter<long>("symbolon.store.unavailable", "{answer}", "Answers that the store could not be used.");
    }

    public void Refresh(string decision) => refreshes.Add(1, new KeyValuePair<string, object?>("symbolon.decision", decision));

    public void PasswordChecked(string outcome) => passwords.Add(1, new KeyValuePair<string, object?>("symbolon.outcome", outcome));

    public void ClientChecked(string client, string outcome) =>
        clients.Add(1, new KeyValuePair<string, object?>("symbolon.client", client), new KeyValuePair<string, object?>("symbolon.outcome", outcome));

    public void Started(string client) => started.Add(1, new KeyValuePair<string, object?>("symbolon.client", client));

    public void Ended(string reason) => ended.Add(1, new KeyValuePair<string, object?>("symbolon.reason", reason));

    public void Unavailable() => unavailable.Add(1);
}
