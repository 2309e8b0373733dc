using Symbolon.Jose;

namespace Symbolon.Bench.Tokens;

/// <summary><c>./bench.sh tokens</c>.</summary>
internal static class TokensBench
{
    private const double VerifyBar = 1.10;

    public static int Run(bool quick)
    {
        var (rounds, slice, warmUp) = quick ? (5, 5, 100) : (41, 20, 500);
        var peers = Enum.GetValues<JwsAlgorithm>().Select(TokenPeers.Make).ToList();
        foreach (var peer in peers)
        {
            foreach (var contenders in new[] { peer.Sign, peer.Verify })
            {
                foreach (var contender in contenders) contender.WarmUp(TimeSpan.FromMilliseconds(warmUp), TimeSpan.FromMilliseconds(slice));
                for (var round = 0; round < rounds; round++)
                    foreach (var contender in contenders) contender.Measure();
            }
        }

        Report.Table(
            ["nanoseconds of CPU", "alone", "Symbolon", "ratio", "JsonWebTokenHandler", "ratio", "bytes: alone", "Symbolon", "JsonWebTokenHandler"],
            [.. peers.Select(peer => Row($"{peer.Algorithm.Name()} sign", peer.Sign)), .. peers.Select(peer => Row($"{peer.Algorithm.Name()} verify", peer.Verify))]);
        Report.Bars(("ES256, strict verification beside the signature check alone", peers[0].Verify[1].RatioTo(peers[0].Verify[0]), VerifyBar, false));
        Report.Json("tokens", peers.SelectMany(Ratios));
        return 0;
    }

    private static string[] Row(string name, IReadOnlyList<Contender> contenders) =>
    [
        name, $"{contenders[0].Nanoseconds:#,0}",
        $"{contenders[1].Nanoseconds:#,0}", $"{contenders[1].RatioTo(contenders[0]):0.000}",
        $"{contenders[2].Nanoseconds:#,0}", $"{contenders[2].RatioTo(contenders[0]):0.000}",
        .. contenders.Select(contender => $"{contender.Allocated:#,0}"),
    ];

    private static IEnumerable<(string Name, double Value)> Ratios(TokenPeers peer) =>
    [
        ($"{peer.Algorithm}_sign_to_alone".ToLowerInvariant(), peer.Sign[1].RatioTo(peer.Sign[0])),
        ($"{peer.Algorithm}_verify_to_alone".ToLowerInvariant(), peer.Verify[1].RatioTo(peer.Verify[0])),
        ($"{peer.Algorithm}_verify_to_jsonwebtokenhandler".ToLowerInvariant(), peer.Verify[1].RatioTo(peer.Verify[2])),
    ];
}
