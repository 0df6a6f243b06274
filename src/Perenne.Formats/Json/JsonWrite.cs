using System.Globalization;
using System.Text.Json;

namespace Perenne.Formats.Json;

internal static class JsonWrite
{
    /// <summary>An attribute with the type it had.</summary>
    public static void Attribute(Utf8JsonWriter w, AnnotationAttribute attribute)
    {
        w.WritePropertyName(attribute.Name);
        switch (attribute.Kind)
        {
            case AttributeKind.Boolean:
                w.WriteBooleanValue(attribute.Value == "true");
                break;
            case AttributeKind.Number when double.TryParse(attribute.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number):
                w.WriteNumberValue(number);
                break;
            default:
                w.WriteStringValue(attribute.Value);
                break;
        }
    }
}
