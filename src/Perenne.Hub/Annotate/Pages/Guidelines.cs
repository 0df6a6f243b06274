using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Perenne.Hub.Annotate.Pages;

/// <summary>Guidelines as a manager writes them, Markdown, as a page shows them: no HTML of theirs, and no link that does anything but lead somewhere.</summary>
internal static class Guidelines
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoLinks().Build();

    public static string Html(string markdown)
    {
        MarkdownDocument document = Markdown.Parse(markdown, Pipeline);
        foreach (LinkInline link in document.Descendants<LinkInline>())
        {
            if (!LeadsSomewhere(link.Url))
                link.Url = "";
        }

        foreach (AutolinkInline link in document.Descendants<AutolinkInline>().ToList())
        {
            if (!link.IsEmail && !LeadsSomewhere(link.Url))
                link.ReplaceBy(new LiteralInline(link.Url));
        }

        using StringWriter html = new();
        HtmlRenderer renderer = new(html);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return html.ToString();
    }

    // A scheme that runs something (javascript:, data:) is none of these; an address of this hub starts with a slash.
    private static bool LeadsSomewhere(string? url) => url is not null
        && (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) || url is ['/', not '/' and not '\\', ..] or ['#', ..]);
}
