using System.Text;
using Symbolon.Authority.Endpoints;
using Symbolon.Sessions;

namespace Symbolon.Authority;

/// <summary>What a session's holder is told, as it goes over the wire (server-sent events, WHATWG HTML §9.2). Codes and numbers only, so that nothing needs escaping.</summary>
internal static class SessionNewsFrames
{
    /// <summary>The first bytes of a stream: whoever reads them is being told.</summary>
    public static readonly byte[] Open = ": open\n\n"u8.ToArray();

    /// <summary>Keeps proxies from closing a connection on which nothing happens.</summary>
    public static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    /// <summary>An event.</summary>
    public static byte[] Of(SessionNews news) => Encoding.ASCII.GetBytes(news switch
    {
        SessionNews.Ended { Reason: null } => "event: ended\ndata: {\"code\":\"session_ended\"}\n\n",
        SessionNews.Ended { Reason: { } reason } => $"event: ended\ndata: {{\"code\":\"{Problems.CodeOfEnd(reason)}\",\"reason\":\"{reason.Code()}\"}}\n\n",
        SessionNews.ClaimsChanged changed => $"event: claims_changed\ndata: {{\"version\":{changed.Version}}}\n\n",
        _ => throw new ArgumentOutOfRangeException(nameof(news), news, "No such news."),
    });
}
