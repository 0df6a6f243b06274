"""Client of a Perenne hub. Standard library only.

    from perenne import Hub

    hub = Hub("https://perenne.example.org", token="prn_...")
    for image in hub.project("pcb").images(annotated=False):
        print(image.file_name)
"""

from .coco import to_coco
from .errors import HubError, NotReachable, Refused
from .hub import Hub
from .models import Annotation, Campaign, Export, Image, Page, Upload
from .project import Project

__all__ = [
    "Annotation", "Campaign", "Export", "Hub", "HubError", "Image", "NotReachable", "Page", "Project", "Refused", "Upload", "to_coco",
]
__version__ = "0.1.0"
