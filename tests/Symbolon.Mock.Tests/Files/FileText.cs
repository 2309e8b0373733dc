using System.Text;
using Symbolon.Mock.Files;

namespace Symbolon.Mock.Tests.Files;

/// <summary>Files as the tests write them: lines in a raw text, each mistake by its line.</summary>
internal static class FileText
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static T Value<T>(MockFile<T> file) => Assert.IsType<MockFile<T>.Read>(file).Value;

    public static string Mistakes<T>(MockFile<T> file) => string.Join('\n', Assert.IsType<MockFile<T>.Refused>(file).Mistakes);
}
