using System.Reflection;
using Symbolon.Authority.Endpoints;

namespace Symbolon.Server.Hosting;

/// <summary>The page at <c>/</c>: plain files, embedded in the program and served as they are.</summary>
internal static class Page
{
    private const string Folder = "wwwroot/";

    public static void MapPage(this WebApplication app)
    {
        foreach (var file in StaticFile.In(Assembly.GetExecutingAssembly(), Folder))
        {
            file.Map(app, $"/{file.Name}");
            if (file.Name == "index.html") file.Map(app, "/");
        }
    }
}
