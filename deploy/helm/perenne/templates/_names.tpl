{{- define "perenne.labels" -}}
app.kubernetes.io/name: perenne
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
